import { STATUS_CODES } from 'node:http';
import { gzipSync } from 'node:zlib';
import { writeJson } from '../../json/json.js';
import type { SimulatedRequest, SimulatedResponse } from '../server.js';
import type { AvniSettings } from './settings.js';

/** What an Avni server says instead of a record; each in the form that it was seen in. */
export type Complaint =
  | { status: number; text: string }
  /** A Java exception with its stack. */
  | { status: 400 | 500; exception: string; message: string }
  /** Spring’s problem document. */
  | { status: number; detail: string }
  /** Spring Boot’s error document. */
  | { status: number; bare: true }
  | { status: number; html: true }
  | { status: number };

/** Ends a request with a complaint; nothing has been written by then, unless it says so. */
export class Refusal extends Error {
  constructor(readonly complaint: Complaint) {
    super(`refused with ${complaint.status}`);
  }
}

export function illegal(message: string): Refusal {
  return new Refusal({ status: 500, exception: 'java.lang.IllegalArgumentException', message });
}

export function nullPointer(message: string): Refusal {
  return new Refusal({ status: 500, exception: 'java.lang.NullPointerException', message });
}

/** A body, or a part of one, that cannot be read: which, is not said. */
export function unreadableRequest(): Refusal {
  return new Refusal({ status: 400, detail: 'Failed to read request' });
}

export function notUnique(): Refusal {
  const exception = 'org.springframework.dao.IncorrectResultSizeDataAccessException';
  return new Refusal({ status: 500, exception, message: 'Query did not return a unique result: 2 results were returned' });
}

export function constraint(text: string): Refusal {
  return new Refusal({
    status: 409,
    text: `Entity create or update failed due to constraint violation: could not execute statement [ERROR: ${text}]`,
  });
}

export function complain(complaint: Complaint, request: SimulatedRequest, settings: AvniSettings): SimulatedResponse {
  const { status } = complaint;
  if ('detail' in complaint) {
    const body = {
      type: 'about:blank',
      title: STATUS_CODES[status],
      status,
      detail: complaint.detail,
      instance: request.path,
      properties: null,
    };
    return { status, headers: { 'content-type': 'application/problem+json' }, body };
  }
  if ('bare' in complaint) {
    const timestamp = new Date().toISOString().replace('Z', '+00:00');
    return { status, body: { timestamp, status, error: STATUS_CODES[status], path: request.path } };
  }
  if ('html' in complaint)
    return { status, headers: { 'content-type': 'text/html;charset=utf-8' }, body: `<!doctype html><title>HTTP Status ${status}</title>` };
  if ('exception' in complaint)
    return inWords(status, settings.hideExceptions && status === 500 ? '' : stackOf(complaint, settings), request);
  return 'text' in complaint ? inWords(status, complaint.text, request) : { status };
}

/** The label follows what the client accepts, though the content never does. */
function inWords(status: number, text: string, request: SimulatedRequest): SimulatedResponse {
  const accept = request.headers.accept ?? '';
  const type = /application\/json/.test(accept)
    ? 'application/json'
    : /application\/xml/.test(accept)
      ? 'application/xml;charset=UTF-8'
      : 'text/plain;charset=UTF-8';
  return { status, headers: { 'content-type': type }, body: text };
}

function stackOf({ exception, message }: { exception: string; message: string }, { bareNullPointers }: AvniSettings): string {
  // A JVM that has thrown the same error often enough leaves out message and stack, but only where
  // it makes the message itself.
  if (bareNullPointers && message.startsWith('Cannot invoke')) return `${exception}\n`;
  return `${exception}: ${message}\n\tat org.avni.server.web.api.Controller.handle(Controller.java:100)\n\tat java.base/java.lang.Thread.run(Thread.java:840)\n`;
}

/** A 200; more than 2 KB are compressed where the client takes it. */
export function packed(request: SimulatedRequest, body: unknown): SimulatedResponse {
  const text = writeJson(body);
  const headers = { 'content-type': 'application/json' };
  if (text.length < 2048 || !/gzip/.test(String(request.headers['accept-encoding'] ?? ''))) return { status: 200, headers, body: text };
  return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: gzipSync(text, { level: 1 }) };
}
