export default async function teardown() {
  await globalThis.sangamServer?.end();
}
