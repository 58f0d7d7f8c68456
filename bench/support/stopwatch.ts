/** What a run took. */
export interface Taken {
  seconds: number;
  /** Of this process' own processor time. */
  cpuSeconds: number;
}

/** Starts a clock. @returns what has been taken since. */
export function stopwatch(): () => Taken {
  const begin = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - begin) / 1000, cpuSeconds: (user + system) / 1e6 };
  };
}
