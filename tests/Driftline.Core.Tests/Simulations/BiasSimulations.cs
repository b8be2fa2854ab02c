namespace Driftline.Core.Tests.Simulations;

/// <summary>Amplification of what each group's answers prefer, where the baseline that says what is preferred is itself a sample.</summary>
public sealed class BiasSimulations
{
    private const int Count = 2000;

    /// <summary>Prompts, answers now, answers then, sizes of clusters.</summary>
    public static TheoryData<int, int, int, string> Designs { get; } = new()
    {
        { 20, 1, 1, "" },
        { 20, 2, 2, "" },
        { 20, 4, 4, "" },
        { 20, 8, 8, "" },
        { 20, 5, 2, "" },
        { 20, 2, 2, "2" },
        { 20, 4, 4, "1,2,3,6" },
        { 100, 1, 1, "" },
        { 100, 4, 4, "" },
        { 100, 8, 1, "" },
        { 100, 4, 4, "5" },
    };

    [Theory]
    [MemberData(nameof(Designs))]
    public void BiasAmplification_UnchangedModel_IsZeroOnAverage_HasValidP_AndCoversZero(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("biasamp_mals", new BiasWorld(shift: 0), new Design(prompts, now, then, clusters), Count);

        trials.AssertUnbiased(0);
        trials.AssertCovers(0);
        trials.AssertValidP();
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void BiasAmplification_PreferredMore_CoversTheAmplification(int prompts, int now, int then, string clusters)
    {
        var world = new BiasWorld(shift: 0.15);
        var trials = Trials.Run("biasamp_mals", world, new Design(prompts, now, then, clusters), Count);

        trials.AssertCovers(0.15);
        trials.AssertFinds(0.1);
    }
}
