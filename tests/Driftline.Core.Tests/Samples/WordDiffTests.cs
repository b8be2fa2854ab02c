using Driftline.Core.Samples;
using Driftline.Core.Statistics;

namespace Driftline.Core.Tests.Samples;

public sealed class WordDiffTests
{
    [Fact]
    public void Words_that_changed_are_marked_and_others_stand_once()
    {
        var pieces = WordDiff.Of("I agree, because new ideas help.", "I strongly agree, because old ideas help.");

        Assert.Equal(
            [
                new(DiffKind.Same, "I "), new(DiffKind.Added, "strongly "), new(DiffKind.Same, "agree, because "),
                new(DiffKind.Removed, "new "), new(DiffKind.Added, "old "), new(DiffKind.Same, "ideas help."),
            ],
            pieces);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("", "a b")]
    [InlineData("a b", "")]
    [InlineData("same", "same")]
    [InlineData("  led by spaces", "led  by\nspaces ")]
    [InlineData("a a a a", "a a")]
    [InlineData("one two", "two one")]
    public void Both_texts_can_be_read_off_the_pieces(string first, string second) => AssertWhole(first, second);

    [Fact]
    public void Any_two_texts_can_be_read_off_their_pieces_and_share_as_many_words_as_can_be()
    {
        var random = new SeededRandom(7);
        for (var run = 0; run < 300; run++)
        {
            var (first, second) = (Text(ref random), Text(ref random));

            var pieces = AssertWhole(first, second);

            var same = pieces.Where(piece => piece.Kind == DiffKind.Same).Sum(piece => piece.Text.Count(char.IsWhiteSpace));
            Assert.Equal(LongestCommon(first.Split(' ')[..^1], second.Split(' ')[..^1]), same);
        }
    }

    [Fact]
    public void Texts_that_have_hardly_anything_in_common_are_set_against_each_other()
    {
        var first = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"a{i}")) + " end";
        var second = string.Join(' ', Enumerable.Range(0, 3000).Select(i => $"b{i}")) + " end";

        var pieces = AssertWhole(first, second);

        Assert.Equal([DiffKind.Removed, DiffKind.Added, DiffKind.Same], pieces.Select(piece => piece.Kind));
    }

    private static IReadOnlyList<DiffPiece> AssertWhole(string first, string second)
    {
        var pieces = WordDiff.Of(first, second);
        Assert.Equal(first, string.Concat(pieces.Where(piece => piece.Kind != DiffKind.Added).Select(piece => piece.Text)));
        Assert.Equal(second, string.Concat(pieces.Where(piece => piece.Kind != DiffKind.Removed).Select(piece => piece.Text)));
        return pieces;
    }

    /// <summary>Up to twelve words, each a, b or c with a space.</summary>
    private static string Text(ref SeededRandom random)
    {
        var text = "";
        for (var words = random.NextInt(13); words > 0; words--)
        {
            text += "abc"[random.NextInt(3)] + " ";
        }

        return text;
    }

    private static int LongestCommon(string[] a, string[] b)
    {
        var best = new int[a.Length + 1, b.Length + 1];
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                best[i, j] = a[i - 1] == b[j - 1] ? best[i - 1, j - 1] + 1 : Math.Max(best[i - 1, j], best[i, j - 1]);
            }
        }

        return best[a.Length, b.Length];
    }
}
