using System.Globalization;

namespace Driftline.Core.Figures;

/// <summary>Ranges and ticks of axes.</summary>
public static class FigureAxes
{
    private const double Padding = .05;

    /// <summary>The generation axis: integers only, thinned out so that at most a dozen are written.</summary>
    public static FigureAxis Generations(int first, int last)
    {
        var step = GenerationStep(last - first);
        var ticks = new List<AxisTick>();
        for (var generation = first; generation <= last; generation++)
        {
            if (generation % step == 0 || (first == last && generation == first))
            {
                ticks.Add(new AxisTick(generation, generation.ToString(CultureInfo.InvariantCulture)));
            }
        }

        return new FigureAxis("generation", first, last, ticks);
    }

    /// <summary>A value axis that starts and ends where the data need, with round ticks.</summary>
    /// <param name="title">Title with its unit.</param>
    /// <param name="min">Smallest value to show.</param>
    /// <param name="max">Largest value to show.</param>
    /// <param name="scale">How ticks are written.</param>
    public static FigureAxis Values(string title, double min, double max, MeasureScale scale)
    {
        if (max - min < 1e-12)
        {
            var room = Math.Max(Math.Abs(max) * .1, 1e-6);
            (min, max) = (min - room, max + room);
        }

        var padding = (max - min) * Padding;
        // A share cannot leave [0, 1]; a little room is left for the markers on its ends.
        var limits = scale is { IsShare: true, IsDifference: false } ? (Least: -.02, Most: 1.02) : (Least: double.MinValue, Most: double.MaxValue);
        (min, max) = (Math.Max(min - padding, Math.Min(min, limits.Least)), Math.Min(max + padding, Math.Max(max, limits.Most)));
        var step = NiceStep((max - min) / 5);
        var ticks = new List<AxisTick>();
        for (var k = (long)Math.Ceiling(min / step - 1e-9); k * step <= max + step * 1e-9; k++)
        {
            // A product of integers and the step has no accumulated error; rounding takes away its last binary digits.
            var at = Math.Round(k * step, 12);
            ticks.Add(new AxisTick(at, scale.TickText(at, step)));
        }

        return new FigureAxis(title, min, max, ticks);
    }

    private static int GenerationStep(int span)
    {
        var step = 1;
        foreach (var candidate in (int[])[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000])
        {
            step = candidate;
            if (span / candidate <= 12)
            {
                break;
            }
        }

        return step;
    }

    /// <summary>The 1, 2 or 5 times a power of ten at or above this.</summary>
    private static double NiceStep(double raw)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(raw)));
        var fraction = raw / power;
        return power * (fraction <= 1 ? 1 : fraction <= 2 ? 2 : fraction <= 5 ? 5 : 10);
    }
}
