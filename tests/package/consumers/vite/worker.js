import { job } from '../job.js';

onmessage = async ({ data }) => postMessage(await job(data));
