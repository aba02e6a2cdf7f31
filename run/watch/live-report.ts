/**
 * The report of a run while it goes on: the page that is saved at its end, made anew from the files in the run folder for whoever looks. For this machine only, and not for web pages:
 * a site that a browser has open could otherwise read it, by its own name that leads here (DNS rebinding) or across origins.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isOfOtherPage } from '../../local/start.ts';
import { runDocument } from '../../reports/document/run-document.ts';
import { renderHtml } from '../../reports/render/html.ts';
import { UsageError } from '../errors.ts';
import { readReport } from '../folder-report.ts';

export interface LiveReport {
  url: string;
  /** Lets a browser that looks fetch the page of the end, then closes. */
  stop(): Promise<void>;
}

/** A browser asks again after so long; whoever asks sooner gets the page of before. */
const refreshSeconds = 5;
/** Making a page takes CPU time from what is measured. */
const freshMs = 3_000;

/** `patienceMs`: how long the end waits for a browser that looks. @throws UsageError when the port is taken. */
export async function serveLiveReport(
  folder: string,
  { port = 0, patienceMs = (refreshSeconds + 1) * 1_000 }: { port?: number; patienceMs?: number } = {},
): Promise<LiveReport> {
  const page = pageOf(folder);
  let isOver = false;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let seenAll = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    if (isOfOtherPage(request.headers)) return refuse(response, 403, 'This page is for this machine only.');
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'GET only.');
    if (request.url !== '/') return refuse(response, 404, 'There is one page: /');
    askedAtMs = performance.now();
    const last = isOver;
    page(last).then(
      (html) => {
        response.writeHead(200, {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          ...(!last && { refresh: String(refreshSeconds) }),
        });
        response.end(html);
        if (last) seenAll.resolve();
      },
      (error: unknown) =>
        refuse(response, 503, error instanceof Error ? error.message : String(error), { refresh: '2' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ message }) =>
      reject(new UsageError(`--watch ${port}: the port could not be opened (${message}): give another, or none.`)),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async stop() {
      isOver = true;
      if (performance.now() - askedAtMs < 2 * refreshSeconds * 1_000) {
        const patience = setTimeout(() => seenAll.resolve(), patienceMs);
        await seenAll.promise;
        clearTimeout(patience);
      }
      seenAll = Promise.withResolvers();
      server.closeIdleConnections();
      server.close();
    },
  };
}

/** One at a time, and no sooner than {@link freshMs} after the one before, unless it is the last. */
function pageOf(folder: string): (isLast: boolean) => Promise<string> {
  let made: { atMs: number; html: Promise<string>; isLast: boolean } | null = null;
  return (isLast) => {
    const now = performance.now();
    if (made === null || (isLast && !made.isLast) || (!isLast && now - made.atMs > freshMs))
      made = { atMs: now, isLast, html: readReport(folder).then(({ report }) => renderHtml(runDocument(report))) };
    return made.html;
  };
}

function refuse(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', ...headers });
  response.end(`${sentence}\n`);
}
