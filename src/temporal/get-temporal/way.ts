import { chmod, copyFile, rename } from 'node:fs/promises';

export const VERSION = '1.5.1';
export const FILE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

export interface WayOptions {
  env: Record<string, string | undefined>;
  /** Told what takes minutes. */
  log(line: string): void;
}

/**
 * Puts the `temporal` program of our version at `target`. @throws Error whose first line says why
 * not.
 */
export type Way = (target: string, options: WayOptions) => Promise<void>;

/** Whole or not at all, also where two do it at once. */
export async function place(file: string, target: string): Promise<void> {
  const beside = `${target}.${process.pid}`;
  await copyFile(file, beside);
  await chmod(beside, 0o755);
  await rename(beside, target);
}
