import assert from "node:assert/strict";
import { test } from "node:test";
import { interleave } from "./rounds.mjs";

test("every contestant has its rounds, in turns", async () => {
  const order = [];
  const contestant = (name, most) => ({ name, most, run: async () => order.push(name) });
  const times = await interleave([contestant("a"), contestant("b"), contestant("slow", 1)], { rounds: 3, minutes: 1 });
  assert.deepEqual(order, ["a", "b", "slow", "b", "a", "a", "b"]);
  assert.deepEqual(Object.values(times).map((list) => list.length), [3, 3, 1]);
});

test("out of time, no further round begins", async () => {
  const times = await interleave([{ name: "a", run: async () => 1 }], { rounds: 5, minutes: -1 });
  assert.equal(times.a.length, 1);
});
