import { job } from '../job.js';
import { page } from '../page.js';

// The same job in a worker.
const elsewhere = (algorithm) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = reject;
    worker.postMessage(algorithm);
  });

page(new URLSearchParams(location.search).has('worker') ? elsewhere : job);
