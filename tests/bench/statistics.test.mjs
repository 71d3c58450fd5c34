import assert from "node:assert/strict";
import { test } from "node:test";
import { median, ratio, summary } from "./statistics.mjs";

test("a median is the middle, whatever the order", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 2]), 2.5);
});

test("a summary counts its rounds", () => {
  assert.deepEqual(summary([3, 1, 2]), { rounds: 3, median: 2, minimum: 1, maximum: 3 });
  assert.deepEqual(summary([]), { rounds: 0 });
});

test("ratios pair the rounds, so that a slow round of both cancels out", () => {
  assert.deepEqual(ratio([10, 100, 10], [20, 200, 20]), { median: 0.5, minimum: 0.5 });
  assert.deepEqual(ratio([10, 30], [10]), { median: 1, minimum: 1 });
  assert.deepEqual(ratio([], [1]), {});
});
