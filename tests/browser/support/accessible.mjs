// Judges a page by axe: WCAG 2.2 A and AA, and best practices, with no violation.
import { AxeBuilder } from "@axe-core/playwright";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What alone can differ between two themes of one page. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** Every violation, one text each: rule, help, and the elements that it concerns. Of all rules, or of the named ones. */
export async function violations(page, rules) {
  // Without legacy mode axe opens a blank page of its own for each run; there are no frames here that would need it.
  const axe = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await (rules ? axe.withRules(rules) : axe.withTags(TAGS)).analyze();
  return violations.flatMap((one) =>
    one.nodes.map((node) => `${one.id}: ${one.help}: ${node.target.join(" ")}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
  );
}
