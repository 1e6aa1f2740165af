import { DAY, isSameDay, shanghaiParts } from '../../complaint/time.ts'
import type { SmsLanguage } from '../sms.ts'
import type { Variant } from '../zh-CN/sms.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

const date = (at: number): string => {
  const { month, date } = shanghaiParts(at)
  return `${MONTHS[month - 1]} ${date}`
}

/** With link and signature nineteen characters are left, since carriers count 70 whatever the alphabet. */
export const en: SmsLanguage<Variant> = {
  signature: '透诉',
  texts: {
    submitted: 'Filed. Reply due {by}. Code {code}, keep proof {fingerprint}',
    'merchant_responded.agreed': 'Shop agreed',
    'merchant_responded.offer': 'Offer till {due}',
    'merchant_responded.offer_past': 'Shop made an offer',
    'merchant_responded.rejection': 'No; act by {due}',
    'merchant_responded.rejection_past': 'Shop said no',
    offer_accepted: 'Offer accepted',
    'ruled.return': 'Return by {due}',
    'ruled.enforced': 'New date ruled',
    'ruled.appealable': 'Ruled; may appeal',
    'ruled.final': 'Ruled; see why',
    'appeal_ruled.granted': 'Appeal granted',
    'appeal_ruled.refused': 'Appeal refused',
    'appeal_ruled.return': 'Return by {due}',
    'appeal_ruled.final': 'Appeal: final',
    appealed: 'Shop appealed',
    return_received: 'Shop has the return',
    return_disputed: 'Return disputed',
    deadline_extended: 'Now by {by}',
    'fulfilled.merchant': 'Done? Say by {due}',
    'fulfilled.merchant_past': 'Shop says done',
    'fulfilled.platform': 'Done? Say by {due}',
    'fulfilled.platform_past': 'Platform says done',
    'confirmed.reopenable': 'Solved; can reopen',
    'confirmed.final': 'Closed as solved',
    'withdrawn.reopenable': 'Withdrawn; can undo',
    'withdrawn.final': 'Withdrawn',
    'lapsed.reopenable': 'Closed; can reopen',
    'lapsed.final': 'Closed unconfirmed',
    'refused.appealable': 'Refused; may appeal',
    'refused.final': 'Refused; see why',
    link_rotated: 'New link; old ended',
    key_bound: 'New device: yours?',
    key_retired: 'Device retired: ok?',
    'unsigned.reopenable': 'Not you? Reopen it',
    'unsigned.final': 'Unsigned: not you?',
    interim_reported: 'End by {by}',
    total_missed: 'Past its total time',
    statement: 'Third party: see',
    redaction_refused: 'Erasure refused',
    'deadline_missed.merchant': 'Shop silent; review',
    'deadline_missed.platform': 'Late; to supervisor',
    'deadline_missed.supervisor': 'Late: outside help',
    evidence_requested: 'Evidence by {due}',
    'evidence_requested.past': 'Evidence requested',
    'reminder.answer': 'Act by {by}',
    'reminder.return': 'Act by {by}',
    'reminder.check': 'Act by {by}',
    'reminder.evidence': 'Act by {by}',
    rating: 'Please rate it',
    follow_up: 'Really solved?',
    link: 'Code {code}',
    'digest.merchant': '{count} cases, first due {by}',
    'digest.platform': '{count} cases, first due {by}',
    'digest.supervisor': '{count} cases, first due {by}',
    contact_code: 'Code {code}, valid 15 min',
  },
  code: ', code {code}',
  vendors: ['aliyun', 'tencent', 'twilio', 'gateway', 'platform', 'demo-phone'],
  instant: at => `${date(at)} ${shanghaiParts(at).clock}`,
  // "By Dec 30" means all of that day: the last one that is whole.
  day: (at, now) => (isSameDay(at, now) ? shanghaiParts(at).clock : date(at - DAY)),
}
