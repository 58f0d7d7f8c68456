export default async function teardown() {
  await globalThis.sangamService?.end();
}
