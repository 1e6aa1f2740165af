/** Settings of live mode, for an environment that is a demo's otherwise. */
export const LIVE = {
  TOUSU_MODE: 'live',
  TOUSU_ORIGIN: 't.tousu.example/log',
  TOUSU_PLATFORM_KEY: 'key-of-the-platform-itself',
}

/** Settings of the HTTP suite, which moves the clock and reads the messages. */
export const HOUSE = { TOUSU_MODE: 'demo' }

/** When the HTTP suite begins; test/support/server.ts says why. */
export const HOUSE_START = Date.parse('2026-03-02T02:00:00Z')
