/** C2SP tlog-tiles, by one door: where a tile lies, how a tree grows into tiles, and what can be proved from them. */
export { Frontier, tileRoot } from './frontier.ts'
export { consistencyProof, inclusionProof, Prover, type ReadTile, rootAt } from './proofs.ts'
export {
  hashesAt,
  parseTileLevel,
  parseTilePath,
  TILE_BYTES,
  TILE_WIDTH,
  tilePath,
  tileWidth,
} from './tile-geometry.ts'
