package envoy

// Transcoder lets a request of JSON reach a gRPC service. What no method of the
// services takes is refused; by default it would go on as it is, and break the
// server's connection.
func Transcoder(t Transcoding) any {
	return extension("envoy.filters.http.grpc_json_transcoder", "envoy.extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder", object{
		"proto_descriptor": t.Descriptor, "services": t.Services, "auto_mapping": t.EveryMethod,
		"max_request_body_size": t.MaxBody, "max_response_body_size": t.MaxBody,
		"convert_grpc_status":             true,
		"ignore_unknown_query_parameters": t.AnyQuery, // which then aren't refused
		"request_validation_options":      object{"reject_unknown_method": true, "reject_unknown_query_parameters": true},
		"print_options":                   object{"always_print_primitive_fields": true, "preserve_proto_field_names": t.ProtoNames},
	})
}

// Transcoding says how a [Transcoder] works.
type Transcoding struct {
	Descriptor  string // file
	Services    []string
	EveryMethod bool // those without an annotation too
	AnyQuery    bool // unknown query parameters are ignored
	ProtoNames  bool // snake_case, as the fields are called
	MaxBody     int64
}
