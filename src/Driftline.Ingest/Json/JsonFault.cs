namespace Driftline.Ingest.Json;

/// <summary>What the framework says of JSON that it cannot read, without the position that it adds in words of its own.</summary>
internal static class JsonFault
{
    /// <summary>The sentence of a failure; it may quote what was met, as long as that is.</summary>
    public static string Sentence(Exception failure)
    {
        var position = failure.Message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return position < 0 ? failure.Message : failure.Message[..position];
    }
}
