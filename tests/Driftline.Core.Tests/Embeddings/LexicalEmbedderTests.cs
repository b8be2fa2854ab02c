using Driftline.Core.Embeddings;
using Driftline.Core.Measures;
using Driftline.Core.Measures.Semantics;
using Driftline.Core.Suites;
using Driftline.Core.Tests.Measures;

namespace Driftline.Core.Tests.Embeddings;

public sealed class LexicalEmbedderTests
{
    private static readonly Lazy<LexicalEmbedder> Fitted = new(() => LexicalEmbedder.Fit(Microworld.Table("root-g00", "stories"), 3).Embedder!);

    [Fact]
    public void Fit_IsTheSameEveryTime_AndSurvivesItsBytes()
    {
        var again = LexicalEmbedder.Fit(Microworld.Table("root-g00", "stories"), 3).Embedder!;
        var read = LexicalEmbedder.FromBytes(Fitted.Value.ToBytes());

        Assert.Equal(Fitted.Value.ToBytes(), again.ToBytes());
        const string Text = "That night they shared bread in the cellar, and the owl was not afraid.";
        Assert.Equal(Fitted.Value.Embed(Text, 1).Vector, read.Embed(Text, 1).Vector);
        Assert.Equal(Fitted.Value.Embed(Text, 1).OutsideMass, read.Embed(Text, 1).OutsideMass);
    }

    [Fact]
    public void Basis_IsOrthonormal()
    {
        var rows = Enumerable.Range(0, 30).Select(i => new SparseRow([i % 7, 7 + (i % 5), 12 + (i % 11)], [1, 0.5f * (i % 3), 2])).ToArray();

        var basis = RandomisedSvd.RightVectors(rows, 40, 8, new Core.Statistics.SeededRandom(1));

        for (var a = 0; a < 8; a++)
        {
            for (var b = 0; b <= a; b++)
            {
                double dot = 0;
                for (var row = 0; row < 40; row++)
                {
                    dot += (double)basis[(row * 8) + a] * basis[(row * 8) + b];
                }

                Assert.Equal(a == b ? 1 : 0, dot, 1e-5);
            }
        }
    }

    [Fact]
    public void Basis_OfALowRankMatrix_SpansIt()
    {
        // Rank 2: two kinds of rows.
        var rows = Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? new SparseRow([0, 3], [3, 4]) : new SparseRow([5], [2])).ToArray();

        var basis = RandomisedSvd.RightVectors(rows, 10, 4, new Core.Statistics.SeededRandom(1));

        Assert.Equal([0.6f, 0.8f], [basis[0 * 4], basis[3 * 4]], (float a, float b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal(1, basis[(5 * 4) + 1], 1e-6);
        Assert.All(Enumerable.Range(0, 10), row => Assert.Equal(0, basis[(row * 4) + 2]));
    }

    [Fact]
    public void Embed_LikeTexts_AreNearerThanOthers()
    {
        var a = Fitted.Value.Embed("A small wren asked for the key, and the owl felt afraid.", 0).Vector;
        var b = Fitted.Value.Embed("A small owl asked for the key, and the wren felt afraid.", 0).Vector;
        var c = Fitted.Value.Embed("When the rain came they marched to the mill and slept.", 0).Vector;

        Assert.True(Cosine(a, b) > Cosine(a, c) + 0.2);
    }

    [Fact]
    public void Embed_StrangeText_LiesOutside()
    {
        var known = Fitted.Value.Embed(Microworld.Table("root-g00", "stories").Outputs()[0]!, 0).OutsideMass;
        var strange = Fitted.Value.Embed("Quarkmodelle widersprechen xylophonischen Hypothesen.", 0).OutsideMass;

        Assert.InRange(known, 0, 0.8);
        Assert.InRange(strange, 0.9, 1);
        Assert.Equal(0, Fitted.Value.Embed("…", 0).OutsideMass);
    }

    [Fact]
    public void LexicalDrift_OfTheMicroworld_IsAboveTheFloorAndTheNullIsNot()
    {
        var origin = Fitted.Value.Embed(Microworld.Table("root-g00", "stories")).Table;
        var suite = new SuiteDefinition { Name = "stories", Family = SuiteFamily.Semantic, FreeText = true };

        var drift = Distance("replace-s1-g08");
        var none = Distance("null-g01");

        Assert.Equal(MeasureStatus.Ok, drift.Status);
        Assert.True(drift.PValue < 0.05 && drift.Value > drift.FloorP95, $"{drift}");
        Assert.True(none.PValue > 0.05, $"{none}");

        Estimate Distance(string file) => MeasureComputation.Run(new EnergyDistance(), new MeasureInput
        {
            Suite = suite,
            Current = Fitted.Value.Embed(Microworld.Table(file, "stories")).Table,
            Baseline = origin,
            Origin = origin,
            Seed = 5,
        })[0].Estimate;
    }

    [Fact]
    public void HalfOf_SplitsPromptsWithOneTextById()
    {
        var halves = Enumerable.Range(0, 2000).Select(i => LexicalEmbedder.HalfOf(new PromptKey($"p{i}", 5))).ToArray();

        Assert.InRange(halves.Sum(), 900, 1100);
        Assert.Equal(LexicalEmbedder.HalfOf(new PromptKey("p1", 5)), halves[1]);
    }

    [Fact]
    public void LexicalDrift_OfResampledOrigins_IsFoundAsOftenAsItShould()
    {
        // Texts of a little grammar: 60 prompts, both sides from the same source; the fitted side must not look different for it.
        string[] words = [.. "owl wren mill key rain bread night cellar road stone lamp song river hill boat".Split(' ')];
        var suite = new SuiteDefinition { Name = "s", Family = SuiteFamily.Semantic, FreeText = true };
        var small = 0;
        const int Trials = 60;
        for (var trial = 0; trial < Trials; trial++)
        {
            var random = new Core.Statistics.SeededRandom((ulong)trial);
            var sides = new[] { new TableBuilder(), new TableBuilder(generation: 1) };
            for (var prompt = 0; prompt < 60; prompt++)
            {
                foreach (var side in sides)
                {
                    side.Add($"p{prompt}", output: string.Join(' ', Enumerable.Range(0, 12).Select(_ => words[Math.Min(random.NextInt(words.Length), random.NextInt(words.Length))])));
                }
            }

            var origin = sides[0].Build();
            var embedder = LexicalEmbedder.Fit(origin, 1).Embedder!;
            var input = new MeasureInput { Suite = suite, Current = embedder.Embed(sides[1].Build()).Table, Baseline = embedder.Embed(origin).Table, Seed = (ulong)trial };
            small += new EnergyDistance().Compute(input).Single().Estimate.PValue <= 0.1 ? 1 : 0;
        }

        Assert.InRange(small / (double)Trials, 0.02, 0.22);
    }

    [Fact]
    public void Fit_WithoutWords_SaysWhy()
    {
        var fit = LexicalEmbedder.Fit(new TableBuilder().Add("a", output: "one text").Add("b").Add("c", output: "?!").Build(), 1);

        Assert.Null(fit.Embedder);
        Assert.Contains("outputs with words in one half", fit.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FromBytes_Foreign_Cut_OrDamaged_IsRefused()
    {
        var bytes = Fitted.Value.ToBytes();

        Assert.Throws<InvalidDataException>(() => LexicalEmbedder.FromBytes([1, 2, 3, 4, 5]));
        Assert.Contains("cut off", Assert.Throws<InvalidDataException>(() => LexicalEmbedder.FromBytes(bytes[..^10])).Message, StringComparison.Ordinal);
        var other = (byte[])bytes.Clone();
        other[4] = 9;
        Assert.Contains("version 9", Assert.Throws<InvalidDataException>(() => LexicalEmbedder.FromBytes(other)).Message, StringComparison.Ordinal);
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));
}
