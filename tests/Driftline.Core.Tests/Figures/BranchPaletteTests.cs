using Driftline.Core.Figures;

namespace Driftline.Core.Tests.Figures;

public sealed class BranchPaletteTests
{
    [Fact]
    public void The_first_two_branches_are_a_solid_blue_and_a_dashed_vermilion()
    {
        Assert.Equal(("#0072B2", "solid", "circle"), (BranchPalette.At(0).Light, BranchPalette.At(0).Dash, BranchPalette.At(0).Marker));
        Assert.Equal(("#D55E00", "dash", "square"), (BranchPalette.At(1).Light, BranchPalette.At(1).Dash, BranchPalette.At(1).Marker));
    }

    [Fact]
    public void Thirty_six_branches_can_be_told_apart()
    {
        Assert.Equal(36, Enumerable.Range(0, 36).Select(BranchPalette.At).Distinct().Count());
    }
}
