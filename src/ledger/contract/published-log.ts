/** Contract: the public half of the log (C2SP tlog-tiles, tlog-checkpoint). Answers nothing beyond the published size. */

/** The identity of a log. It never changes, except for keys that are added and retired, and for its witnesses. */
export interface LogIdentity {
  origin: string
  /** C2SP verifier key of the checkpoints, the newest. */
  verifierKey: string
  /** Every public key that ever signed statements, RFC 7517. */
  jwks: { keys: { kty: string; crv: string; x: string; kid: string; alg: string; use: string }[] }
  /** C2SP tlog-policy: every key that signs checkpoints now, and the witnesses with their quorum. */
  policy: string
}

/** A time stamp of RFC 3161 over a checkpoint. */
export interface TimeStamped {
  /** The signed note that was stamped, byte for byte. */
  checkpoint: string
  /** The authority's TimeStampResp, DER. */
  reply: Uint8Array
}

export interface PublishedLog {
  identity(): Promise<LogIdentity>
  /** The newest checkpoint that the quorum of the witnesses cosigned lately, else the newest signed; null before the first. */
  checkpoint(): Promise<string | null>
  /** A deadline policy that the log adopted, by its hash: the bytes that were hashed. */
  policy(hash: string): Promise<string | null>
  /** A version of a platform rule that the log adopted, by its digest: the bytes that were hashed. */
  rule(digest: string): Promise<string | null>
  /** `width` hashes of a tile, or null where the published tree has none. */
  tile(level: number, n: number, width: number): Promise<Uint8Array | null>
  /** An entry bundle: leaves with their uint16 lengths (C2SP tlog-tiles). */
  entries(n: number, width: number): Promise<Uint8Array | null>
  /** Sizes of the trees that an authority stamped, those above `after`, smallest first; a thousand at most. */
  timeStamps(after: number): Promise<number[]>
  timeStamp(size: number): Promise<TimeStamped | null>
}
