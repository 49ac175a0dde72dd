FROM homeiq-sandbox/base:latest
ENV SANDBOX_SERVICE=ner-service
EXPOSE 8031
CMD ["node", "/app/stand-in.mjs"]
# ....................
