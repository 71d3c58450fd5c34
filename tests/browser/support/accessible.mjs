// Judges a page by axe: WCAG 2.2 A and AA, and best practices, with no violation.
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Every violation, one text each: rule, help, and the elements that it concerns. */
export async function violations(page) {
  // Without legacy mode axe opens a blank page of its own for each run; there are no frames here that would need it.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(TAGS).analyze();
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${one.help}: ${node.target.join(" ")}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
  );
}
