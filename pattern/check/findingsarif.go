package check

import (
	"encoding/json"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// SARIF gives the findings as a log of the Static Analysis Results Interchange
// Format 2.1.0, which code-review tools read. A finding stands at its file and
// line, if it has one, and at its object and field path.
// docs: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
func (fs Findings) SARIF() ([]byte, error) {
	run := sarifRun{Results: make([]sarifResult, 0, len(fs))}
	run.Tool.Driver = sarifDriver{Name: "podpattern", Rules: make([]sarifRule, 0, len(fs))}
	used := make(map[string]bool)
	for _, f := range fs {
		used[f.Rule] = true
		run.Results = append(run.Results, f.sarif())
	}
	for _, r := range Rules() {
		if used[r.ID] {
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{ID: r.ID,
				ShortDescription: sarifText{r.Title}, FullDescription: sarifText{r.Why}, Help: sarifText{r.Fix},
				DefaultConfiguration: sarifLevel{r.Level.word()}})
		}
	}
	return json.MarshalIndent(sarifLog{
		Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run},
	}, "", "  ")
}

type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID                   string     `json:"id"`
		ShortDescription     sarifText  `json:"shortDescription"`
		FullDescription      sarifText  `json:"fullDescription"`
		Help                 sarifText  `json:"help"`
		DefaultConfiguration sarifLevel `json:"defaultConfiguration"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID           string          `json:"ruleId"`
		Level            string          `json:"level"`
		Message          sarifText       `json:"message"`
		Locations        []sarifLocation `json:"locations"`
		RelatedLocations []sarifLocation `json:"relatedLocations,omitempty"`
	}
	sarifLocation struct {
		ID               int            `json:"id,omitempty"`
		Message          *sarifText     `json:"message,omitempty"`
		PhysicalLocation *sarifPhysical `json:"physicalLocation,omitempty"`
		LogicalLocations []sarifLogical `json:"logicalLocations,omitempty"`
	}
	sarifPhysical struct {
		ArtifactLocation struct {
			URI string `json:"uri"`
		} `json:"artifactLocation"`
		Region struct {
			StartLine int `json:"startLine"`
		} `json:"region"`
	}
	sarifLogical struct {
		FullyQualifiedName string `json:"fullyQualifiedName"`
	}
)

func (f Finding) sarif() sarifResult {
	text := f.body()
	if f.Fix != "" {
		text += ". Fix: " + f.Fix
	}
	r := sarifResult{RuleID: f.Rule, Level: f.Level.word(), Message: sarifText{text},
		Locations: []sarifLocation{{PhysicalLocation: physical(f.At), LogicalLocations: logical(f.Object, f.Path)}}}
	for i, p := range f.Parties {
		if i > 0 {
			r.RelatedLocations = append(r.RelatedLocations, sarifLocation{ID: i, Message: &sarifText{"container " + p.Container},
				PhysicalLocation: physical(p.At), LogicalLocations: logical(f.Object, p.Path)})
		}
	}
	return r
}

// physical reads file:line.
func physical(at string) *sarifPhysical {
	i := strings.LastIndexByte(at, ':')
	if i < 0 {
		return nil
	}
	line, err := strconv.Atoi(at[i+1:])
	if err != nil || line < 1 {
		return nil
	}
	p := &sarifPhysical{}
	p.ArtifactLocation.URI = (&url.URL{Path: filepath.ToSlash(at[:i])}).String()
	p.Region.StartLine = line
	return p
}

func logical(object, path string) []sarifLogical {
	if name := strings.Trim(object+"/"+path, "/"); name != "" {
		return []sarifLogical{{name}}
	}
	return nil
}
