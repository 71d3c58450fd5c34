// Leaves what came of a job where the test finds it, as far as it can be told as JSON.
export async function page(job) {
  try {
    const { generated, ...rest } = await job(new URLSearchParams(location.search).get('algorithm'));
    const { zip, certificates } = generated;
    const text = zip.reduce((text, byte) => text + String.fromCharCode(byte), '');
    globalThis.outcome = { ...rest, certificates, zip: btoa(text) };
  } catch (error) {
    globalThis.outcome = { error: `${error.name}: ${error.message} ${error.cause ?? ''}` };
  }
}
