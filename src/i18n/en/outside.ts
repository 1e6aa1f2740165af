import type { EvidenceWords, OutsideWords, RecordWords } from '../zh-CN/outside.ts'

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

export const evidenceEn: EvidenceWords = {
  title: 'Evidence sheet',
  lead: (id, at) => `Complaint ${id}, made at ${at} (Beijing time, as all times below).`,
  about:
    'The platform’s server wrote this sheet from the receipt, for a court, a notary or 12315 (consumer hotline in China). It bears no signature itself. What can be checked is the file receipt.json: each step stands in a public log that only grows, and a step that was changed or taken out shows. Whether what was said is true is not judged here; what it is worth in law is for the body that hears the case.',
  save: 'Save the receipt, receipt.json',
  course: '1. Who said what, and when',
  entry: index => `entry ${index + 1} of the log, fingerprint`,
  file: title => `File ${title}, SHA-256`,
  checkpoint: '2. The log’s checkpoint',
  checkpointNote:
    'A checkpoint is the fingerprint of the whole log at one moment. It can be computed from each step above, so each is in it.',
  log: 'Name of the log',
  size: 'Entries',
  root: 'Root hash',
  last: 'Last step',
  lastStep: (no, at) => `step ${no}; the platform signed that there was no other up to ${at}`,
  note: 'As it was signed',
  witnesses: '3. Independent witnesses',
  witnessed: (name, at) => `${name}: seen and signed at ${at}`,
  unwitnessed: 'No independent witness has signed this checkpoint yet.',
  stamps: '4. Trusted time stamps (RFC 3161)',
  stamped: (at, no, size) => `${at}: steps 1 to ${no} were there by then (the first ${size} entries of the log)`,
  unstamped: 'The receipt has no time stamp: the platform asks no authority, or these steps have not had their turn.',
  stampsNote:
    'A time stamp says that something was there by then at the latest. Whose it is, check with the authority’s certificate.',
  how: '5. How to check',
  steps: [
    'Save the receipt, and prepare the trust policy trust.txt with the keys of the log and its witnesses. Do not rely on the platform’s own copy alone: ask a witness, a regulator or another auditor.',
    'Run one or both of these programs without a network. They share no code, and print a line for each check. Check time stamps with the authority’s certificate.',
    'Compare the fingerprints on this sheet with what the programs print.',
    'With a network, add --log and the log’s address: this shows whether a later step is hidden.',
  ],
  online: address => `Or open ${address} and choose the receipt; the file does not leave the device.`,
  digest: 'SHA-256 of receipt.json (filled in when it was checked)',
  signature: 'Signature of who checked it, and date',
}

/** 投诉记录: the complaint on paper, for 12315 or a court. */
export const recordEn: RecordWords = {
  unmask: 'Show the whole phone number',
  title: 'Record of the complaint',
  lead: (id, at) => `Complaint ${id}. Everything recorded up to ${at} (Beijing time), in order of time.`,
  back: '← Back to the complaint',
  print: 'Print or save as PDF',
  parties: 'Parties and order',
  negotiation: 'Negotiation',
  when: 'When',
  how: 'How',
  way: brand => `Online, every step recorded by ${brand}`,
  result: 'Result',
  course: 'What happened',
  leaf: 'Log entry',
  signature: 'Signature and date',
  verify: address =>
    `To check it, open ${address} and choose the receipt that was saved (or use the offline tool, tousu verify), then compare the log entry below each step.`,
}
