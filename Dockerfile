# syntax=docker/dockerfile:1
# One small image with every processor and the operator's command line: `docker build -t lineside .`
# The process is chosen by the command: `docker run lineside normalizer --help`.

FROM rust:1.95.0-bookworm AS builder
# librdkafka is compiled with cmake; the base image has the C++ compiler and OpenSSL's headers.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends cmake \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# Line tables alone are larger than the code; symbols stay, so that a backtrace has names.
ENV CARGO_PROFILE_RELEASE_STRIP=debuginfo
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --bins \
        --package lineside-cli --package lineside-normalizer --package lineside-deduplicator \
        --package lineside-order-aggregator --package lineside-erp-publisher --package lineside-supply-publisher \
        --package lineside-reconciler \
    && mkdir /out \
    && cp target/release/lineside target/release/normalizer target/release/deduplicator \
          target/release/order-aggregator target/release/erp-publisher target/release/supply-publisher target/release/reconciler /out/

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libssl3 ca-certificates \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner=10001 --group=10001 --mode=0700 /var/lib/lineside
COPY --from=builder /out/ /usr/local/bin/
# By number, so that Kubernetes can see that it is not root. Nothing but the state folder is written.
USER 10001:10001
WORKDIR /var/lib/lineside
ENV LINESIDE_STATE_DIR=/var/lib/lineside \
    LINESIDE_HTTP_ADDRESS=0.0.0.0:9400
EXPOSE 9400
CMD ["lineside", "--help"]
