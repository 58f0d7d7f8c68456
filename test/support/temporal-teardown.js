export default async function teardown() {
  await globalThis.sangamEnvironment?.teardown();
}
