import type { Complaint } from '../complaint.ts'
import type {
  Holder,
  LapseAfter,
  Locale,
  Outcome,
  RefusalGround,
  RejectionGround,
  RemedyKind,
  Role,
  State,
  StepKind,
  ThirdParty,
  WithdrawalGround,
} from '../words.ts'
import type { StepView } from './types.ts'

/** Everything a reader of one language sees about a complaint; page, SMS and plain text share its sentences. */
export interface Dictionary {
  locale: Locale
  roles: Record<Holder | Role | ThirdParty, string>
  states: Record<State, string>
  kinds: Record<StepKind, string>
  remedies: Record<RemedyKind, string>
  outcomes: Record<Outcome, string>
  rejectionGrounds: Record<RejectionGround, string>
  refusalGrounds: Record<RefusalGround, string>
  withdrawalGrounds: Record<WithdrawalGround, string>
  lapses: Record<LapseAfter, string>
  categories: Record<string, string>
  /** An instant as this reader writes it, in Asia/Shanghai. */
  when(iso: string): string
  /** A length of time, e.g. 2 天 3 小时. */
  lasting(seconds: number): string
  amount(value: unknown): string
  /** One sentence for one step. */
  describe(step: StepView): string
  /** What comes next if the holder acts, and if not. */
  next(c: Complaint): { ifActs: string; ifSilent: string }
}
