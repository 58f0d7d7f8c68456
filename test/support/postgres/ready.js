import { setTimeout as pause } from 'node:timers/promises';

/** Waits until `ask` succeeds. @throws Error with what the program printed, where it ended or was not ready within a minute. */
export async function ready(name, program, ask) {
  const end = Date.now() + 60_000;
  for (;;) {
    const failure = await Promise.resolve(ask()).then(
      () => undefined,
      (error) => error,
    );
    if (failure === undefined) return;
    if (!program.running()) throw new Error(`${name} ended:\n${program.said()}`);
    if (Date.now() > end) {
      await program.end();
      throw new Error(`${name} was not ready within a minute (${failure.message}):\n${program.said()}`);
    }
    await pause(100);
  }
}
