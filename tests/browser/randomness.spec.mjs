// A random source that is broken: issuing ends with a sentence, nothing is made, and the page goes on.
import { expect, test } from "./support/test.mjs";
import { BROKEN_RANDOMNESS, beforeWorkers } from "./support/worker.mjs";

for (const [what, script] of Object.entries(BROKEN_RANDOMNESS)) {
  test(`nothing is made of ${what} in the place of randomness`, async ({ bench }) => {
    await beforeWorkers(bench.page, script);
    await bench.open();
    await bench.press("preset-single");
    for (const place of ["keys.ca", "keys.leaf"]) await bench.set(place, "ECDSA-P256");
    await bench.part("generate").click();
    // An endless loop would stay in "working".
    await bench.reaches("failed", 20_000);
    await expect(bench.main).toContainText(/random source/);
    await expect(bench.main).toContainText(/nothing weaker is used instead/);
    await expect(bench.part("export-zip"), "there is nothing to export").toBeDisabled();
    expect((await bench.states()).map((one) => one.state)).not.toContain("issued");
    expect(await bench.value("keys.leaf")).toBe("ECDSA-P256");
  });
}
