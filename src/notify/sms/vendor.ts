/** Who sends SMS. Names stand in settings, in the catalogue of texts and in the outbox. */
export const VENDORS = ['aliyun', 'tencent', 'twilio', 'gateway', 'platform', 'demo-phone'] as const
export type Vendor = (typeof VENDORS)[number]
