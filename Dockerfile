# Everything is built in the first stage; the second one carries Python, the packages and no tools.
FROM python:3.11-slim-bookworm AS build
WORKDIR /srv/cdmo-match
COPY requirements-uv.lock requirements.lock ./
RUN python -m venv .venv
RUN .venv/bin/python -m pip install -q --require-hashes --only-binary :all: -r requirements-uv.lock
RUN .venv/bin/uv pip install -q --no-cache --link-mode copy --compile-bytecode --python .venv/bin/python \
      --require-hashes --only-binary :all: -r requirements.lock
COPY pyproject.toml README.md LICENSE ./
COPY app app
COPY migrations migrations
RUN .venv/bin/uv pip install -q --compile-bytecode --python .venv/bin/python \
      --no-deps --no-build-isolation .
RUN .venv/bin/uv pip uninstall -q --python .venv/bin/python hatchling editables uv

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home cdmo && install -d -o cdmo -g cdmo /data
COPY --from=build /srv/cdmo-match/.venv /srv/cdmo-match/.venv
# Without a database of its own the service keeps one file on this volume. A PostgreSQL server
# is named with -e CDMO_DATABASE_URL=postgresql://user:password@host/name.
ENV CDMO_DATABASE_URL=sqlite:////data/cdmo-match.db PYTHONUNBUFFERED=1
VOLUME /data
WORKDIR /data
USER cdmo
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["/srv/cdmo-match/.venv/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["/srv/cdmo-match/.venv/bin/cdmo-match", "serve", "--host", "0.0.0.0", "--port", "8000"]
