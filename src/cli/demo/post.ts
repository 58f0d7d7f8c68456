/** Tells a simulator something. @throws Error where it does not take it. */
export async function post(url: string, body: object): Promise<void> {
  const { ok, status } = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  if (!ok) throw new Error(`A simulator answered ${status} to a change`);
}
