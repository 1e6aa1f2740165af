/** Settings of live mode, for an environment that is a demo's otherwise. */
export const LIVE = {
  TOUSU_MODE: 'live',
  TOUSU_ORIGIN: 't.tousu.example/log',
  TOUSU_PLATFORM_KEY: 'key-of-the-platform-itself',
}
