import type { Templates } from '../reply-templates.ts'

const goods = (item: string): string => (item === '' ? 'the goods' : `“${item}”`)

export const templatesEn: Templates = {
  offer: {
    agree: {
      label: 'Agree to what the buyer asks',
      text: ({ item, sought }) =>
        `Hello, we are sorry about the trouble with ${goods(item)}. We agree to what you ask for${sought && ` (${sought})`} and will see to it in time. Please check once it is done.`,
    },
    partial: {
      label: 'Partial refund, buyer keeps the goods',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} did not please you. We will refund part of the price and you keep the goods. The sum was worked out like this: [reasons]. If you disagree, you can ask the platform to step in.`,
    },
    return: {
      label: 'Return and refund',
      text: ({ item }) =>
        `Hello, please send ${goods(item)} back with its accessories. We refund you in time once it has arrived and pay for the shipping. After posting it, please enter the tracking number on this page.`,
    },
    exchange: {
      label: 'Exchange',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} is faulty. Please send it back and we will send you a new one; we pay for the shipping both ways. After posting it, please enter the tracking number on this page.`,
    },
    reship: {
      label: 'Send what is missing',
      text: ({ item }) =>
        `Hello, we are sorry that ${goods(item)} did not arrive whole. We will send you what is missing: [what]. You need not return what you received.`,
    },
    repair: {
      label: 'Repair',
      text: ({ item }) =>
        `Hello, please send ${goods(item)} back. We repair it free of charge, return it to you and pay for the shipping both ways.`,
    },
  },
  rejection: {
    as_described: {
      label: 'As described',
      text: ({ item }) =>
        `Hello, we compared ${goods(item)} with its product page and our dispatch records: [what was compared]. They agree. If you disagree, you can ask the platform to step in.`,
    },
    misuse: {
      label: 'Misuse',
      text: ({ item }) =>
        `Hello, going by the photos the fault of ${goods(item)} comes from [what is seen]; page [number] of the manual warns of [what]. If you disagree, you can ask the platform to step in.`,
    },
    out_of_time: {
      label: 'Out of time',
      text: () =>
        'Hello, this order was received on [date], which is past the time limit for [what]. If you disagree, you can ask the platform to step in.',
    },
    courier: {
      label: 'Courier’s fault',
      text: () =>
        'Hello, the parcel left us intact (see photo); it was damaged on the way. We have asked the courier to [progress]. If you disagree, you can ask the platform to step in.',
    },
    already_settled: {
      label: 'Settled before',
      text: () =>
        'Hello, this was settled on [date]: [how, with proof]. If you disagree, you can ask the platform to step in.',
    },
  },
  fulfilment: {
    refunded: {
      label: 'Refunded',
      text: () =>
        'Hello, the refund was sent the way you paid and usually arrives within [1 to 3] working days. Please confirm on this page once it is there.',
    },
    reshipped: {
      label: 'Sent',
      text: () =>
        'Hello, the goods are on their way; courier and tracking number are in the proof. Please check them on arrival, then confirm on this page.',
    },
    repaired: {
      label: 'Repaired and sent back',
      text: () =>
        'Hello, the goods are repaired and on their way back to you; we replaced [part]. Please check them on arrival, then confirm on this page.',
    },
  },
  extensions: {
    checking: {
      label: 'Still checking',
      text: () => 'We are checking the warehouse’s dispatch records, which takes [number] days.',
    },
    courier: {
      label: 'Waiting for the courier',
      text: () => 'We have asked the courier, whose answer takes [number] days.',
    },
    stock: {
      label: 'Waiting for stock',
      text: () => 'The goods are out of stock and expected on [date]; we will send them at once.',
    },
  },
  messages: {
    photos: {
      label: 'Ask for photos',
      text: ({ item }) =>
        `Hello, to settle this quickly, please add a few photos of ${goods(item)}: the whole, the fault from close up, and the label. You can upload them on this page as evidence.`,
    },
    checking: {
      label: 'Still checking',
      text: () => 'Hello, we are looking into it and will answer here by [date].',
    },
    address: {
      label: 'Check the address',
      text: () =>
        'Hello, before we send it again, please check that your address is unchanged. If it is, no answer is needed.',
    },
  },
}
