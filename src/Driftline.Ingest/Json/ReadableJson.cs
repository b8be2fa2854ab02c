using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Driftline.Ingest.Json;

/// <summary>
/// Makes JSON as Python writes it readable here: bare NaN and Infinity become null, halves of surrogate pairs and bytes that are no
/// UTF-8 become U+FFFD. Its buffers serve one text after the other.
/// </summary>
internal sealed class ReadableJson(int maxDepth)
{
    private readonly NonFiniteNumbers _nonFinite = new();
    private byte[] _compact = [];

    /// <summary>Values of the last text that became null.</summary>
    public int ValuesDropped { get; private set; }

    /// <summary>Characters of the last text that were replaced.</summary>
    public long CharactersReplaced { get; private set; }

    /// <summary>Reads a text.</summary>
    /// <returns>The document, which is valid until the next text is read and is disposed by the caller.</returns>
    /// <exception cref="JsonException">It is not valid JSON; positions are those of the text as it came.</exception>
    public JsonDocument Parse(ReadOnlySpan<byte> text)
    {
        ValuesDropped = 0;
        CharactersReplaced = 0;
        if (!Utf8.IsValid(text))
        {
            var repaired = Encoding.UTF8.GetString(text);
            CharactersReplaced = repaired.Count(c => c == '\uFFFD');
            text = Encoding.UTF8.GetBytes(repaired);
        }

        if (NonFiniteNumbers.MayHold(text) && _nonFinite.TryRewrite(text, out var rewritten, out var count))
        {
            text = rewritten;
            ValuesDropped = count;
        }

        Validate(text);
        if (_compact.Length < text.Length)
        {
            _compact = new byte[Math.Max(text.Length, 4096)];
        }

        var replaced = 0L;
        var length = JsonText.Compact(text, _compact, ref replaced);
        CharactersReplaced += replaced;
        return JsonDocument.Parse(_compact.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = maxDepth });
    }

    /// <summary>Compacting, which makes half surrogates harmless, is for valid JSON only.</summary>
    private void Validate(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
        }
    }
}
