namespace Driftline.Core.Tests.Simulations;

/// <summary>Paired changes of scores and rates: their tests and intervals hold what they promise.</summary>
public sealed class ShiftSimulations
{
    private const int Count = 2000;

    private static readonly RateWorld Fall = new(level: 0.5, shift: -1, moves: 0.7);
    private static readonly RateWorld RareFall = new(level: 3, shift: -0.7, moves: 0.5);

    /// <summary>Prompts, answers now, answers then, sizes of clusters.</summary>
    public static TheoryData<int, int, int, string> Designs { get; } = new()
    {
        { 20, 1, 1, "" },
        { 20, 4, 4, "" },
        { 20, 8, 2, "" },
        { 20, 2, 2, "2" },
        { 20, 4, 4, "1,2,3,6" },
        { 100, 2, 2, "" },
        { 100, 8, 8, "" },
        { 100, 1, 4, "5" },
        { 100, 4, 4, "1,2,3,6" },
    };

    [Theory]
    [MemberData(nameof(Designs))]
    public void ScoreShift_UnchangedModel_HasEvenP_AndCoversZero(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("score_shift", new ScoreWorld(shift: 0, moves: 0), new Design(prompts, now, then, clusters), Count);

        trials.AssertUnbiased(0);
        trials.AssertEvenP();
        trials.AssertCoversClosely(0);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void ScoreShift_PromptsMoveUpAndDownAlike_HasEvenP(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("score_shift", new ScoreWorld(shift: 0, moves: 1), new Design(prompts, now, then, clusters), Count);

        trials.AssertEvenP();
        trials.AssertCoversClosely(0);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void ScoreShift_ChangedModel_CoversTheChange(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("score_shift", new ScoreWorld(shift: 0.5, moves: 0.7), new Design(prompts, now, then, clusters), Count);

        trials.AssertUnbiased(0.5);
        trials.AssertCoversClosely(0.5);
        trials.AssertFinds(0.15);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void RateShift_UnchangedModel_HasValidP_AndCoversZero(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("rate_shift", new RateWorld(level: 0, shift: 0, moves: 0), new Design(prompts, now, then, clusters), Count);

        trials.AssertUnbiased(0);
        trials.AssertCovers(0);
        if (now == then && now < 8)
        {
            // Few answers make few different values of t, of which each has its own jump; a share of .02 is what the largest may be.
            trials.AssertValidP(jumps: 0.02);
        }
        else
        {
            trials.AssertEvenP();
        }
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void RateShift_RatesNearOne_AreCoveredToo(int prompts, int now, int then, string clusters)
    {
        // Where hardly any answer is "no", the paired t interval covers 90 % or less at 20 prompts.
        var design = new Design(prompts, now, then, clusters);
        Trials.Run("rate_shift", new RateWorld(level: 2.5, shift: 0, moves: 0), design, Count).AssertCovers(0);

        Trials.Run("rate_shift", RareFall, design, Count).AssertCovers(RareFall.Truth);
    }

    [Theory]
    [MemberData(nameof(Designs))]
    public void RateShift_ChangedModel_CoversTheChange(int prompts, int now, int then, string clusters)
    {
        var trials = Trials.Run("rate_shift", Fall, new Design(prompts, now, then, clusters), Count);

        trials.AssertUnbiased(Fall.Truth);
        trials.AssertCovers(Fall.Truth);
        trials.AssertFinds(0.1);
    }
}
