import type { OutsideWords } from '../zh-CN/outside.ts'

export const outsideEn: OutsideWords = {
  pack: {
    record: 'Record',
    form: 'For the form of 12315',
    fileName: 'For 12315',
    intro:
      'On the national 12315 website (www.12315.cn) you can copy what follows, and upload the record and the files of the folder “Evidence”.',
    who: 'Seller complained about',
    what: 'Item and order',
    wish: 'What is asked for',
    time: 'Negotiated from and until',
    course: 'Course of the negotiation',
    way: 'Way of negotiation',
    result: 'Result of the negotiation',
    missed: 'Missed deadlines',
    check: site => `To check: open ${site} and choose “Receipt.json”. It shows that nothing was changed.`,
    receipt: 'Receipt',
    evidence: 'Evidence',
    certificates: 'Missed deadlines',
  },
  certificate: {
    title: 'Certificate of a missed deadline',
    lead: site => `${site} certifies, with the key of its log:`,
    said: (who, due) =>
      `${who} did not act on this complaint by ${due} (Beijing time). That is recorded as a missed deadline.`,
    total: (who, due) =>
      `This complaint had not ended by ${due} (Beijing time), past its total time. Whose turn it was: ${who}.`,
    complaint: 'Complaint',
    merchant: 'Seller',
    step: 'Recorded as step',
    recorded: 'Recorded',
    leaf: 'Entry in the log',
    log: 'Log',
    signature: 'Signature (JWS)',
    check: address =>
      `To check: scan the code, or open ${address} and paste the signature into the field “Fingerprint or promise”.`,
    download: 'Download the signature',
    print: 'Print or save as PDF',
    back: '← Back to the complaint',
  },
}
