/** Memory and processor time of another process, from /proc. On systems without it: null. Source: proc(5). */
import { readdir, readFile } from 'node:fs/promises';

/** Linux's page on x86-64 and, almost always, on ARM. */
const pageBytes = 4_096;

/** Resident memory. */
export async function residentBytes(pid: number): Promise<number | null> {
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '');
  const pages = Number(text.split(' ')[1] ?? Number.NaN);
  return Number.isNaN(pages) ? null : pages * pageBytes;
}

/** Processor time of its threads so far, in ms. What has ended is missing. */
export async function cpuMs(pid: number): Promise<number | null> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  if (threads.length === 0) return null;
  const texts = await Promise.all(
    threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0')),
  );
  return texts.reduce((sum, text) => sum + Number(text.split(' ')[0]) / 1e6, 0);
}
