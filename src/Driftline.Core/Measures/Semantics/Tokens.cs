using System.Globalization;
using System.Text;

namespace Driftline.Core.Measures.Semantics;

/// <summary>
/// Words of a text: the lower-cased matches of <c>[^\W_]+(?:'[^\W_]+)*</c>, that is runs of letters and numbers of any script, joined
/// by single apostrophes.
/// </summary>
public static class Tokens
{
    /// <summary>What to do with a token.</summary>
    /// <param name="token">Lower-case; valid only during the call.</param>
    public delegate void Visitor(ReadOnlySpan<char> token);

    /// <summary>Number of tokens of a text.</summary>
    public static int Count(string text)
    {
        var count = 0;
        Visit(text, _ => count++);
        return count;
    }

    /// <summary>Calls the visitor with every token in order.</summary>
    public static void Visit(string text, Visitor visitor)
    {
        var lower = text.ToLowerInvariant().AsSpan();
        var start = -1;
        for (var i = 0; i < lower.Length;)
        {
            var length = WordLength(lower[i..]);
            if (length > 0)
            {
                start = start < 0 ? i : start;
                i += length;
                continue;
            }

            var joins = start >= 0 && lower[i] == '\'' && WordLength(lower[(i + 1)..]) > 0;
            if (!joins && start >= 0)
            {
                visitor(lower[start..i]);
                start = -1;
            }

            i++;
        }

        if (start >= 0)
        {
            visitor(lower[start..]);
        }
    }

    /// <summary>Length of the letter or number at the start, 0 when there is none.</summary>
    private static int WordLength(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }

        if (text[0] < 128)
        {
            return char.IsAsciiLetterOrDigit(text[0]) ? 1 : 0;
        }

        return Rune.DecodeFromUtf16(text, out var rune, out var length) == System.Buffers.OperationStatus.Done && IsWord(Rune.GetUnicodeCategory(rune)) ? length : 0;
    }

    private static bool IsWord(UnicodeCategory category) => category
        is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;
}
