using Driftline.Storage.Queries;

namespace Driftline.Storage.Tests.Queries;

public sealed class OutputTextsTests
{
    [Fact]
    public void Texts_come_back_as_they_were_also_long_empty_and_missing_ones()
    {
        var large = new string('é', 1 << 20);
        string?[] expected = ["one", null, "", large, "später 🙂", large + "!"];
        var texts = new OutputTexts(expected.Length, () => throw new InvalidOperationException("These few are held in memory."));
        for (var row = expected.Length - 1; row >= 0; row--)
        {
            if (expected[row] is { } text)
            {
                texts.Set(row, "before");
                texts.Set(row, text);
            }
        }

        Assert.Equal(expected, texts);
        Assert.Equal(expected.Length, texts.Count);
    }

    [Fact]
    public void Texts_that_are_too_much_for_memory_come_back_from_a_file_of_which_nothing_is_left()
    {
        var folder = Directory.CreateTempSubdirectory("driftline-texts-");
        try
        {
            const int Rows = 3000;
            var texts = new OutputTexts(Rows, () => new ScratchFile(folder.FullName));
            for (var row = Rows - 1; row >= 0; row--)
            {
                texts.Set(row, Text(row));
            }

            Assert.True(OperatingSystem.IsWindows() || folder.GetFiles().Length == 0);
            Parallel.For(0, Rows, row => Assert.Equal(Text(row), texts[row]));
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        static string Text(int row) => $"{row} " + new string((char)('ä' + (row % 7)), row);
    }

    [Fact]
    public void A_folder_that_takes_no_file_is_named()
    {
        var folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var texts = new OutputTexts(20, () => new ScratchFile(folder));

        var fault = Assert.ThrowsAny<IOException>(() =>
        {
            for (var row = 0; row < 20; row++)
            {
                texts.Set(row, new string('a', 1 << 20));
            }
        });
        Assert.Contains(folder, fault.Message, StringComparison.Ordinal);
    }
}
