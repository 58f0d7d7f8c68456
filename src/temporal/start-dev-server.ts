import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from '@temporalio/client';

export interface DevServerOptions {
  executable: string;
  port: number;
  uiPort: number;
  /** File of its state. */
  dbFile: string;
  /** Name → type. */
  searchAttributes: Readonly<Record<string, string>>;
}

/** Arguments of a dev server on loopback with the Web UI on. */
export function devServerArguments({ port, uiPort, dbFile, searchAttributes }: DevServerOptions): string[] {
  return [
    ...[
      'server',
      'start-dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--ui-port',
      String(uiPort),
      '--db-filename',
      dbFile,
      '--log-level',
      'error',
    ],
    ...Object.entries(searchAttributes).flatMap(([name, type]) => ['--search-attribute', `${name}=${type}`]),
  ];
}

/** Waits until the server answers. @throws Error where it ended or did not within a minute. */
export async function devServerReady(child: ChildProcess, address: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The Temporal dev server ended with status ${child.exitCode}.`);
    const connection = await Connection.connect({ address, connectTimeout: 1_000 }).catch(() => undefined);
    const ready = await connection?.workflowService.describeNamespace({ namespace: 'default' }).then(
      () => true,
      () => false,
    );
    await connection?.close();
    if (ready === true) return;
    if (Date.now() > end) throw new Error('The Temporal dev server did not answer within a minute.');
    await pause(200);
  }
}
