import { closeSync, openSync, readSync } from 'node:fs';
import { getOwn } from '../../model/keyed.js';

/** Variables by name; `NAME_FILE` names a file that holds what `NAME` stands for. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable stands for, or in words, by its name alone, why it cannot be used. */
export type EnvironmentValue = { value: string } | { problem: 'MissingVariable' | 'BadValue'; message: string };

/** What a value may have, where it may have more than others. */
interface Form {
  spaces?: boolean;
  lines?: boolean;
}

/** Bytes that a file of a secret may have. */
const MAX_BYTES = 64 * 1024;

const NOT_PRINTED = /\p{Cc}|\u2028|\u2029/u;

/**
 * What `NAME` stands for: its own value, or what the file holds that `NAME_FILE` names, but for the
 * end of its last line. Checked here, since what is wrong with it would show far from its cause.
 * `spaces`: whether it may begin or end with white space, as passwords may; `lines`: whether it may
 * have several lines, as private keys do.
 */
export function environmentValue(env: Environment, name: string, form: Form): EnvironmentValue {
  const given = getOwn(env, name);
  const file = getOwn(env, `${name}_FILE`);
  if ((given === undefined || given === '') && file !== undefined && file !== '') return ofFile(name, file, form);
  if (given === undefined) return { problem: 'MissingVariable', message: `The variable ${name} is not set in the environment.` };
  if (given === '') return { problem: 'MissingVariable', message: `The variable ${name} is set, but empty.` };
  return checked(given, `The value of the variable ${name}`, form);
}

/** What a header can carry of any client. */
const IN_HEADER = /^[\x20-\x7e]*$/;

/**
 * Why a variable that others read cannot be used as it stands, in words, by its name alone;
 * undefined where it is fit, or not set. `header`: whether it is sent in a header.
 */
export function oddVariable(env: Environment, name: string, { header = false }: { header?: boolean } = {}): string | undefined {
  const value = getOwn(env, name);
  if (value === undefined || value === '') return undefined;
  const found = checked(value, `The value of the variable ${name}`, {});
  if ('message' in found) return found.message;
  return header && !IN_HEADER.test(value) ? `The value of the variable ${name} has a character that no header carries.` : undefined;
}

function ofFile(name: string, path: string, form: Form): EnvironmentValue {
  const bytes = bytesOf(path);
  const what = `The file that ${name}_FILE names`;
  if (!bytes) return { problem: 'MissingVariable', message: `${what} cannot be read.` };
  if (bytes.length > MAX_BYTES) return { problem: 'BadValue', message: `${what} is larger than a secret may be (64 KiB).` };
  try {
    const value = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
    if (value === '') return { problem: 'MissingVariable', message: `${what} is empty.` };
    return checked(value, `What stands in the file that ${name}_FILE names`, form);
  } catch {
    return { problem: 'BadValue', message: `${what} is not in UTF-8.` };
  }
}

/** Of a file at most a byte more than there may be; undefined where it cannot be read. */
function bytesOf(path: string): Buffer | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MAX_BYTES + 1);
      let length = 0;
      for (let read = -1; read !== 0 && length < bytes.length; length += read)
        read = readSync(file, bytes, length, bytes.length - length, null);
      return bytes.subarray(0, length);
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}

function checked(value: string, what: string, { spaces = false, lines = false }: Form): EnvironmentValue {
  if (!lines && /[\r\n]/.test(value)) return { problem: 'BadValue', message: `${what} has a line break in it.` };
  if (NOT_PRINTED.test(lines ? value.replace(/[\r\n]/g, '') : value))
    return { problem: 'BadValue', message: `${what} has a control character in it.` };
  if (!spaces && !lines && value !== value.trim()) return { problem: 'BadValue', message: `${what} begins or ends with white space.` };
  return { value };
}
