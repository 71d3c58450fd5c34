// What a page must not do in normal use: complain, break its policy, or ask the network for anything once loaded.

/** Watches a page from before it is opened. */
export async function watch(page) {
  const seen = new Watch(page);
  await page.addInitScript(() => {
    window.policyViolations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      window.policyViolations.push(`${event.effectiveDirective} refused ${event.blockedURI || event.sample}`);
    });
  });
  return seen;
}

/** What was seen of a page and its workers. */
class Watch {
  constructor(page) {
    this.page = page;
    this.complaints = [];
    this.requests = [];
    // A worker's console is the page's, here. That the headers refuse a power which this browser does not have is no fault.
    page.on("console", (message) => {
      if (/Permissions-Policy header: Unrecognized feature/.test(message.text())) return;
      if (["error", "warning", "assert"].includes(message.type())) this.complaints.push(`console: ${message.text()}`);
    });
    page.on("pageerror", (error) => this.complaints.push(`uncaught: ${error}`));
    page.on("crash", () => this.complaints.push("the page crashed"));
    page.on("request", (request) => this.requests.push(request.url()));
  }

  /** Forgets what was asked for up to now: from here on nothing may be. */
  loaded() {
    this.requests = [];
  }

  /** Addresses asked for since the page was loaded. What stays in the tab (`blob:`, `data:`) is no request. */
  asked() {
    return this.requests.filter((address) => !/^(blob|data):/.test(address));
  }

  /** Everything that must not have happened, but what matches one of the given patterns. */
  async problems(tolerated = []) {
    const violations = this.page.isClosed() ? [] : await this.page.evaluate(() => window.policyViolations ?? []);
    const all = [...this.complaints, ...violations.map((one) => `policy: ${one}`), ...this.asked().map((one) => `request: ${one}`)];
    return all.filter((one) => !tolerated.some((pattern) => pattern.test(one)));
  }
}
