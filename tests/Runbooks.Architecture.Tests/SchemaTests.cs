using Runbooks.Builtin;
using Runbooks.Language.Schema;
using Runbooks.Testing;

namespace Runbooks.Architecture.Tests;

public sealed class SchemaTests
{
    [Fact]
    public void The_schema_that_editors_read_is_the_one_that_the_kinds_give()
    {
        Golden.VerifyFile(PlaybookSchema.Generate(BuiltinKinds.Catalogue), "schemas/playbook.v1.schema.json");
    }

    [Fact]
    public void The_schema_of_project_files_is_the_one_that_their_fields_give()
    {
        Golden.VerifyFile(ProjectSchema.Generate(), "schemas/project.v1.schema.json");
    }
}
