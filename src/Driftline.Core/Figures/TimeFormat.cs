using System.Globalization;

namespace Driftline.Core.Figures;

/// <summary>Times and durations as people read them; all times are UTC.</summary>
public static class TimeFormat
{
    /// <summary>For tables: <c>2026-11-21 20:44</c>; "—" where there is none.</summary>
    public static string Table(DateTime? utc)
    {
        return utc?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? NumberFormat.NoValue;
    }

    /// <summary>To the second, with the zone, for what is shown on hover: <c>2026-11-21 20:44:09 UTC</c>.</summary>
    public static string Exact(DateTime utc)
    {
        return utc.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>For machines, as in the <c>datetime</c> attribute: <c>2026-11-21T20:44:09Z</c>.</summary>
    public static string Machine(DateTime utc)
    {
        return utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
    }

    /// <summary>How long ago: <c>just now</c>, <c>5 minutes ago</c>, <c>yesterday</c>; the date from four weeks on.</summary>
    /// <param name="utc">When it happened.</param>
    /// <param name="now">The present, UTC. A time after it (clocks differ) is "just now".</param>
    public static string Relative(DateTime utc, DateTime now)
    {
        var age = now - utc;
        return age.TotalSeconds switch
        {
            < 45 => "just now",
            < 90 => "a minute ago",
            < 45 * 60 => Ago(age.TotalMinutes, "minutes"),
            < 90 * 60 => "an hour ago",
            < 22 * 3600 => Ago(age.TotalHours, "hours"),
            < 36 * 3600 => "yesterday",
            < 28 * 86400 => Ago(age.TotalDays, "days"),
            _ => utc.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>How long something took or will take: <c>&lt; .1 s</c>, <c>.4 s</c>, <c>12 s</c>, <c>3 min 20 s</c>, <c>1 h 5 min</c>.</summary>
    /// <param name="seconds">0 or more.</param>
    public static string Duration(double seconds)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            return NumberFormat.NoValue;
        }

        if (seconds is > 0 and < .05)
        {
            return "< .1 s";
        }

        if (seconds < 9.95)
        {
            return NumberFormat.Fixed(seconds, 1) + " s";
        }

        var whole = (long)Math.Round(seconds);
        return whole switch
        {
            < 60 => $"{whole} s",
            < 3600 => whole % 60 == 0 ? $"{whole / 60} min" : $"{whole / 60} min {whole % 60} s",
            _ => whole / 60 % 60 == 0 ? $"{whole / 3600} h" : $"{whole / 3600} h {whole / 60 % 60} min",
        };
    }

    private static string Ago(double count, string unit)
    {
        return $"{Math.Max(2, Math.Round(count)).ToString("0", CultureInfo.InvariantCulture)} {unit} ago";
    }
}
