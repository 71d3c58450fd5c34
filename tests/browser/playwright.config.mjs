// The page in Chromium: `cargo xtask test browser` runs this against the finished dist/, served as released.
import { defineConfig } from "@playwright/test";
import { arguments_, executablePath, url } from "./support/environment.mjs";

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "test-results",
  fullyParallel: true,
  forbidOnly: true,
  workers: 2,
  // A busy machine of two cores may be late once; what fails twice has failed. The report names what was late as flaky.
  retries: 1,
  timeout: 45_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    actionTimeout: 10_000,
    permissions: ["clipboard-read", "clipboard-write"],
    launchOptions: { executablePath, args: arguments_, chromiumSandbox: false },
    screenshot: "only-on-failure",
  },
});
