import type { GalleryWords } from '../zh-CN/gallery.ts'

export const galleryEn: GalleryWords = {
  title: 'Gallery',
  lead: 'Every page in every condition, drawn from made-up complaints. Nothing is recorded here.',
  rooms: {
    track: 'Tracking page',
    merchant: 'Merchant console',
    desk: 'Officers’ desk',
    intake: 'Complaint form',
    front: 'Front page, sign-in and others',
  },
  refusals: 'Why something was refused',
  refusalsLead: 'Each refusal, in the words that each party reads.',
}
