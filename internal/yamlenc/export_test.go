package yamlenc

// RequireSame is for tests that import what imports this package.
var RequireSame = requireSame
