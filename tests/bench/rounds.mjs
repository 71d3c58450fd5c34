// Rounds: every contestant once, then again, so that what disturbs the machine disturbs all alike.

/**
 * Runs contestants in turns. Each is `{ name, run, warm?, most? }`: `run` resolves to a time, `warm` goes once before the
 * rounds, `most` caps the rounds of a slow one. No round begins later than `minutes` after the first, except that each
 * contestant has one. Resolves to the times by name.
 */
export async function interleave(contestants, { rounds, minutes, say = () => {} }) {
  const times = Object.fromEntries(contestants.map(({ name }) => [name, []]));
  for (const { name, warm } of contestants) {
    say(`warming ${name}`);
    await warm?.();
  }
  const end = performance.now() + minutes * 60_000;
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && performance.now() > end) break;
    // A different one goes first each time: who follows whom leaves traces in caches and clock rates.
    const turn = round % contestants.length;
    for (const { name, run, most = rounds } of [...contestants.slice(turn), ...contestants.slice(0, turn)]) {
      if (round >= most) continue;
      say(`round ${round + 1} of ${rounds}: ${name}`);
      times[name].push(await run());
    }
  }
  return times;
}
