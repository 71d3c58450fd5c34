// Figures from times: medians, minima, ratios.

/** The middle value, or the mean of the two middle ones. */
export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Rounds, median, minimum and maximum of the times of one contestant, in their own unit. */
export function summary(values) {
  if (values.length === 0) return { rounds: 0 };
  return {
    rounds: values.length,
    median: round(median(values)),
    minimum: round(Math.min(...values)),
    maximum: round(Math.max(...values)),
  };
}

/**
 * One contestant beside another, round by round: the median of the ratios of those rounds that both ran, and the ratio of
 * their minima. What disturbs a round disturbs both, so this holds on a busy machine where times alone do not.
 */
export function ratio(values, others) {
  const shared = Math.min(values.length, others.length);
  if (shared === 0) return {};
  const paired = Array.from({ length: shared }, (_, index) => values[index] / others[index]);
  return { median: round(median(paired), 3), minimum: round(Math.min(...values) / Math.min(...others), 3) };
}

/** Rounds a number to so many places behind the point. */
export function round(value, places = 2) {
  return Number(value.toFixed(places));
}
